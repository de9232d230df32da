/** The emoji one can pick without knowing how to type them. */
export const EMOJI_GROUPS = [
  {
    name: 'faces',
    signs:
      '😀 😄 😁 😂 🤣 😊 🙂 😉 😍 🥰 😘 😋 😎 🤓 🤩 🥳 😏 😌 😴 🤔 🤨 😐 🙄 😬 😕 😟 🥺 😢 😭 😤 😡 🤯 😱 😳 🥶 🤒 🤗 🤫 🤭 🙈',
  },
  { name: 'hands', signs: '👍 👎 👌 ✌️ 🤞 🤟 👋 🙌 👏 🙏 💪 🤝 ☝️ 👇 👉 👈 ✋ 🫶 ❤️ 🧡 💛 💚 💙 💜 🖤 🤍 💔 💕' },
  { name: 'nature', signs: '☀️ 🌤️ 🌧️ ⛈️ ❄️ 🌈 🌊 🔥 🌸 🌻 🌲 🍀 🐶 🐱 🐭 🦊 🐻 🐼 🐸 🐝 🦋 🐢 🐟 🦉' },
  { name: 'food', signs: '☕ 🍵 🍺 🍷 🥂 🍎 🍓 🍌 🥑 🥕 🍞 🧀 🍕 🍝 🍣 🍰 🍪 🍫 🍦 🎂' },
  { name: 'things', signs: '🏠 🏢 🚗 🚲 🚆 ✈️ ⛵ 📱 💻 📷 🔧 🔑 💡 📚 ✏️ 📎 🎁 🎉 🎈 🎵 ⚽ 🏆 🎲 ⏰' },
  { name: 'signs', signs: '✅ ❌ ❗ ❓ ⚠️ 💯 ⭐ ✨ 💤 ➕ ➡️ ⬅️ ⬆️ ⬇️ 🔴 🟢' },
] as const;

export type EmojiGroup = (typeof EMOJI_GROUPS)[number]['name'];

export const signsOf = (group: (typeof EMOJI_GROUPS)[number]): string[] => group.signs.split(' ');
