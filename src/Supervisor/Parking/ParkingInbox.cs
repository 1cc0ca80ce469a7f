using System.Collections.Concurrent;
using ShimStack.Supervisor.Processes;

namespace ShimStack.Supervisor.Parking;

/// <summary>
/// Where everything arrives that shims leave here. The kernel has it from the moment it is sent, whoever dies then; so it is read when there is time
/// for it, and before anybody concludes anything from what is not there: see <see cref="CatchUpAsync"/>.
/// </summary>
internal sealed class ParkingInbox(DescriptorLoop loop, ParkedShims shims, ILogger<ParkingInbox> logger)
{
    private readonly ConcurrentDictionary<ParkingConnection, bool> _connections = new();
    private Action? _accept;
    private Action? _begin;

    /// <summary>Where connections are read.</summary>
    public DescriptorLoop Loop => loop;

    /// <summary>What has been read.</summary>
    public ParkedShims Shims => shims;

    public ILogger Logger => logger;

    /// <summary>From now on there are connections to be taken.</summary>
    /// <param name="accept">Takes all that wait; called on the loop's thread.</param>
    /// <param name="begin">Takes each as it comes, from then on; called on the loop's thread, once.</param>
    public void Open(Action accept, Action begin)
    {
        Volatile.Write(ref _accept, accept);
        Volatile.Write(ref _begin, begin);
    }

    /// <summary>There are no new ones any more.</summary>
    public void Close() => Volatile.Write(ref _accept, null);

    public void Add(ParkingConnection connection) => _connections[connection] = true;

    public void Remove(ParkingConnection connection) => _connections.TryRemove(connection, out _);

    /// <summary>
    /// From now on everything is read as it comes. Who is about to make a process calls this before: a process that is not held before it ends, and is
    /// reaped by a shim that dies with it, cannot be asked how it ended.
    /// </summary>
    public void Begin()
    {
        if (Interlocked.Exchange(ref _begin, null) is Action begin)
        {
            loop.Post(begin);
        }
    }

    /// <summary>Takes the connections that wait, and what they have brought. On the loop's thread.</summary>
    public void TakeNew() => Volatile.Read(ref _accept)?.Invoke();

    /// <summary>
    /// Ends when everything has been read that was sent before the call. Who has seen a shim die, or its connection close, calls this before looking at
    /// what the shim has left.
    /// </summary>
    public Task CatchUpAsync() => loop.RunAsync(() =>
    {
        TakeNew();
        foreach (ParkingConnection connection in _connections.Keys)
        {
            connection.Read();
        }

        return true;
    });
}
