namespace ShimStack.Shim.Loop;

/// <summary>
/// Finds the handler of an epoll tag. A tag is the slot in the low half and the slot's generation in the high half, so an
/// event that was fetched before its descriptor went away never reaches the slot's next owner.
/// </summary>
internal sealed class ReadinessTable
{
    private readonly List<(IReadiness? Handler, uint Generation)> _slots = [];
    private readonly Stack<int> _free = new();

    public ulong Add(IReadiness handler)
    {
        if (!_free.TryPop(out int slot))
        {
            slot = _slots.Count;
            _slots.Add((null, 0));
        }

        uint generation = _slots[slot].Generation;
        _slots[slot] = (handler, generation);
        return ((ulong)generation << 32) | (uint)slot;
    }

    public IReadiness? Find(ulong tag)
    {
        (IReadiness? handler, uint generation) = _slots[(int)(uint)tag];
        return generation == (uint)(tag >> 32) ? handler : null;
    }

    public void Remove(ulong tag)
    {
        int slot = (int)(uint)tag;
        uint generation = (uint)(tag >> 32);
        if (_slots[slot].Generation == generation && _slots[slot].Handler is not null)
        {
            // The generation stays below the wake tag's, which is all ones.
            _slots[slot] = (null, (generation + 1) & 0x7fff_ffff);
            _free.Push(slot);
        }
    }
}
