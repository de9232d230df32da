/** What people write that template languages, printf, regular expressions or HTML would read as more than text. */
export const HOSTILE_TEXTS: readonly string[] = [
  '{{name}}',
  '{{ text }}',
  '{{ user.name }}',
  '{{app.chats}}',
  '{{{{name}}}}',
  '}}{{',
  '[[ name(text) ]]',
  "$& $1 $$ $` $' $<name>",
  '%s %d %(name)s %%',
  '{n, plural, one {# thing} other {# things}}',
  '{name}',
  '<b onmouseover=alert(1)>bold</b>',
  '&lt;i&gt; &amp;',
  '<img src=x onerror=alert(1)>',
  '${name} #{name} <%= name %>',
  '__proto__ constructor toString',
  '\\u0041 \\n \\0',
];

/** Most characters of a name: what is hostile is cut, not left out. */
export const hostileNames = (): string[] => HOSTILE_TEXTS.map(text => text.slice(0, 64));
