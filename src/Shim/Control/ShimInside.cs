using ShimStack.Shim.Events;
using ShimStack.Shim.Exits;
using ShimStack.Shim.Parking;
using ShimStack.Shim.Reaping;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Serving;
using ShimStack.Shim.Settings;
using ShimStack.Shim.Tasks;
using ShimStack.Shim.Upgrade;

namespace ShimStack.Shim.Control;

/// <summary>What the control service looks into. It changes none of it but the settings.</summary>
internal sealed class ShimInside
{
    public required string Namespace { get; init; }

    public required TaskTable Tasks { get; init; }

    public required EventOutbox Outbox { get; init; }

    public required DaemonOutage Outage { get; init; }

    public required RuntimeCalls Calls { get; init; }

    public required ConnectionListener Connections { get; init; }

    public required Reaper Reaper { get; init; }

    public required ShimSettings Settings { get; init; }

    public required ShimUpgrade Upgrade { get; init; }

    /// <summary>Null under a daemon that wants nothing to be left with it.</summary>
    public ShimParking? Parking { get; init; }

    public required Func<long> LogLinesLost { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>When this process began to serve.</summary>
    public required DateTimeOffset Began { get; init; }
}
