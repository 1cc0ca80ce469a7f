using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Processes;
using ShimStack.Supervisor.Shims;
using ShimStack.Supervisor.Upgrade;

namespace ShimStack.Supervisor.Parking;

/// <summary>What outlives the death of a shim.</summary>
internal sealed class ParkingFeature
{
    private readonly DaemonSurroundings _around;
    private readonly ParkedShims _shims;
    private readonly ParkingInbox _inbox;
    private readonly ParkedHandOver _handOver;

    public ParkingFeature(DaemonSurroundings around, Children children, DescriptorLoop loop, ShimCommand command, ProcessRecords processes)
    {
        _around = around;
        _shims = new ParkedShims(around.Time);
        _inbox = new ParkingInbox(loop, _shims, around.Logger<ParkingInbox>());
        children.OrphanEnded += exit =>
        {
            _inbox.TakeNew(); // whose it was may be said there
            _shims.Ended(exit);
        };
        _handOver = new ParkedHandOver(_shims, around.Logger<ParkedHandOver>());
        ShimAdoption adoption = new(_inbox, command, processes, around.Time, around.Logger<ShimAdoption>());
        Replacement = new ShimReplacement(_inbox, adoption, around.Logger<ShimReplacement>());
    }

    public ShimReplacement Replacement { get; }

    /// <summary>Opens the socket for shims, when what the daemon before had of them is here.</summary>
    /// <exception cref="StartupException">The socket is in use, or cannot be made.</exception>
    public ParkingEndpoint OpenEndpoint(ServiceManager manager, KeptDescriptors kept)
    {
        _handOver.Take(kept);
        new DescriptorStore(_shims, _handOver, _around.Logger<DescriptorStore>()).Begin(manager);
        return ParkingEndpoint.Open(_around.Settings, _inbox, _around.Time, kept);
    }

    /// <summary>Leaves everything to the build that comes next.</summary>
    public async Task LeaveToAsync(KeptDescriptors kept)
    {
        await _inbox.CatchUpAsync();
        _handOver.Leave(kept);
    }
}
