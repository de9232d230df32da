import { giveWay, partsOf } from './give-way';

describe('giving way', () => {
  it('lets another task run before what follows', async () => {
    const order: string[] = [];
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => order.push('another');
    port2.postMessage(null);
    await giveWay();
    order.push('after');
    expect(order).toEqual(['another', 'after']);
    port1.close();
  });

  it('cuts a list into parts of a size, nothing left out', () => {
    expect(partsOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(partsOf([], 2)).toEqual([]);
  });
});
