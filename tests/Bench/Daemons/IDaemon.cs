using ShimStack.ShimDriver.Host;

namespace ShimStack.Bench.Daemons;

/// <summary>A daemon of the measurement's own, in a folder of its own. It can be killed and started again.</summary>
internal interface IDaemon
{
    /// <summary>The gRPC socket; that for shims is beside it.</summary>
    string Address { get; }

    /// <summary>The client with which users speak to it.</summary>
    string Ctr { get; }

    /// <summary>Throws if it does not run.</summary>
    RunningProcess Running { get; }

    /// <summary>Starts it; it does not answer yet.</summary>
    void Start();

    /// <summary>SIGKILL; returns when it is reaped.</summary>
    Task KillAsync();

    /// <summary>SIGTERM; returns when it is reaped.</summary>
    Task StopAsync();

    /// <summary>Where the bundle of a task is.</summary>
    string BundleOf(string containerdNamespace, string id);
}
