using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench.Daemons;

/// <summary>shimstackd and the newest containerd, side by side, for what happens to events in them.</summary>
internal sealed class EventsStage : IAsyncDisposable
{
    private readonly string _directory = Path.Combine("/run", $"shimstack-bench-{Guid.NewGuid():N}"[..24]);
    private readonly Containerd _reference;
    private readonly Shimstackd _ours;

    private EventsStage(string program)
    {
        _reference = new Containerd(DaemonLine.New, Path.Combine(_directory, "containerd"), "/nowhere");
        _ours = new Shimstackd(program, Path.Combine(_directory, "shimstackd"), "/nowhere");
    }

    /// <summary>Starts both; null if one is not there.</summary>
    internal static EventsStage? Start()
    {
        if (Shimstackd.Program is not { } program || ShimUnderTest.ReferenceOf(DaemonLine.New) is null)
        {
            return null;
        }

        EventsStage stage = new(program);
        stage._ours.Start();
        stage._reference.Start();
        return stage;
    }

    /// <summary>Whose daemon takes part.</summary>
    internal static bool HasRoomFor(Contender contender) => contender.Role is Role.Ours or Role.NewReference;

    /// <summary>The gRPC socket of the contender's daemon; that for shims is beside it.</summary>
    internal string AddressOf(Contender contender) => contender.Role == Role.Ours ? _ours.Address : _reference.Address;

    internal RunningProcess RunningOf(Contender contender) => contender.Role == Role.Ours ? _ours.Running : _reference.Running;

    public async ValueTask DisposeAsync()
    {
        await _ours.StopAsync();
        await _reference.StopAsync();
        Mounts.DetachBelow(_directory);
        Directory.Delete(_directory, recursive: true);
    }
}
