using ShimStack.Native.Processes;

namespace ShimStack.Drill.Targets;

/// <summary>A daemon of a target: started, ended, frozen, and started again.</summary>
internal interface IDaemon
{
    /// <summary>"dockerd", for the journal.</summary>
    string Name { get; }

    /// <summary>0 when there is none.</summary>
    int Pid { get; }

    bool IsRunning { get; }

    /// <summary>Completes when it ends by whatever cause.</summary>
    Task End { get; }

    /// <summary>Starts it; it does not answer yet.</summary>
    Task StartAsync();

    /// <summary>By SIGKILL or SIGTERM; returns when it is gone.</summary>
    Task EndAsync(Signal signal);

    void Freeze();

    void Thaw();
}
