import { FRESH_SOCKETS, FRESH_SOCKETS_IN_ALL, FreshSockets } from './fresh-sockets.ts';

describe('Sockets that have not said who they are', () => {
  function filled(addresses: number, each: number): FreshSockets<string> {
    const fresh = new FreshSockets<string>();
    for (let address = 0; address < addresses; address++)
      for (let socket = 0; socket < each; socket++) fresh.add(`${address}/${socket}`, `a${address}`, socket);
    return fresh;
  }

  it('P6a are limited for each address, and one address cannot shut out another', () => {
    const fresh = filled(1, FRESH_SOCKETS);
    expect(fresh.isFull('a0')).toBeTrue();
    expect(fresh.isFull('a1')).toBeFalse();
    fresh.delete('0/7');
    fresh.delete('0/7');
    expect(fresh.isFull('a0')).toBeFalse();
    fresh.add('again', 'a0', 0);
    expect(fresh.isFull('a0')).toBeTrue();
  });

  it('P6b are limited in all', () => {
    expect(filled(FRESH_SOCKETS_IN_ALL / 100, 100).isFull('somebody new')).toBeTrue();
  });

  it('are known by their age', () => {
    expect(filled(1, 3).olderThan(1)).toEqual(['0/0', '0/1']);
  });
});
