/** What a request is answered with (Indexed Database API 3.0), for databases that are used without Dexie. */
export const answerTo = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error('IndexedDB refused', { cause: request.error }));
  });
