using ShimStack.Native;

namespace ShimStack.Shim.State;

/// <summary>
/// The descriptors that go with the records: they stay open under their numbers, and their owners keep them until execve(2) has taken this program
/// away. So a state can be told as often as one likes, and one that nobody takes over has cost nothing.
/// </summary>
internal sealed class Inheritance
{
    private readonly List<FileDescriptor> _left = [];
    private readonly List<FileDescriptor> _later = [];
    private readonly List<Action> _stops = [];

    /// <summary>All that was left.</summary>
    public IReadOnlyList<FileDescriptor> Descriptors => _left;

    /// <summary>Leaves a descriptor to the next build; its number for the record, 0 for none.</summary>
    public uint Leave(FileDescriptor? descriptor)
    {
        if (descriptor is null)
        {
            return 0;
        }

        _left.Add(descriptor);
        return (uint)descriptor.Number;
    }

    /// <summary>
    /// Leaves a descriptor to be closed by the other build when it has time. An inotify instance is one: the kernel waits some 15 ms until nobody looks
    /// at its marks any more, and in execve(2) everything would wait with it.
    /// </summary>
    public void LeaveForLater(ShimRecord record, FileDescriptor descriptor)
    {
        Leave(descriptor);
        _later.Add(descriptor);
        record.ToBeClosed.Add((uint)descriptor.Number);
    }

    /// <summary>Says how to stop what works on a descriptor that was left, for <see cref="LetGo"/>.</summary>
    public void Stops(Action stop) => _stops.Add(stop);

    /// <summary>What execve(2) does by itself, for a hand-over within one process: everything stops, and nobody owns the descriptors any more; those that are left for later are closed.</summary>
    public void LetGo()
    {
        foreach (Action stop in _stops)
        {
            stop();
        }

        foreach (FileDescriptor descriptor in _later)
        {
            descriptor.Dispose(); // unless what has stopped has closed it
        }

        foreach (FileDescriptor descriptor in _left)
        {
            descriptor.Release();
        }
    }
}
