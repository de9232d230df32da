/** Answers after so many ms: a page that is out of sight has slow timers, a worker has not. */
addEventListener('message', ({ data }: MessageEvent<number>) => {
  setTimeout(() => postMessage(null), data);
});
