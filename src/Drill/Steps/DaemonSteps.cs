using System.Globalization;
using ShimStack.Drill.Running;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Steps;

/// <summary>The daemon is started; done when it answers.</summary>
internal sealed record StartDaemon : IStep
{
    public string Text => "start the daemon, until it answers";

    public Task RunAsync(DrillStage stage, CancellationToken stop) => stage.StartDaemonAsync();
}

/// <summary>The daemon runs already, and answers.</summary>
internal sealed record MeetDaemon : IStep
{
    public string Text => "see that the daemon answers";

    public Task RunAsync(DrillStage stage, CancellationToken stop) => stage.StartDaemonAsync();
}

/// <summary>The daemon is ended; done when it is reaped.</summary>
internal sealed record EndDaemon(Signal Signal) : IStep
{
    public string Text => $"{Signal} to the daemon";

    public Task RunAsync(DrillStage stage, CancellationToken stop) => stage.Daemon.EndAsync(Signal);
}

/// <summary>The daemon that another one stands on is ended: containerd below dockerd.</summary>
internal sealed record EndGround(Signal Signal) : IStep
{
    public string Text => $"{Signal} to the containerd below";

    public Task RunAsync(DrillStage stage, CancellationToken stop) => stage.Daemons[0].EndAsync(Signal);
}

/// <summary>The daemon exists and does nothing.</summary>
internal sealed record FreezeDaemon : IStep
{
    public string Text => "SIGSTOP to the daemon";

    public Task RunAsync(DrillStage stage, CancellationToken stop)
    {
        stage.Daemon.Freeze();
        return Task.CompletedTask;
    }
}

/// <summary>The daemon goes on; done when it answers.</summary>
internal sealed record ThawDaemon : IStep
{
    public string Text => "SIGCONT to the daemon, until it answers";

    public async Task RunAsync(DrillStage stage, CancellationToken stop)
    {
        stage.Daemon.Thaw();
        await stage.AnswersAsync();
    }
}

/// <summary>Things go on as they are: the length is what is tried, nothing is waited for.</summary>
internal sealed record Hold(TimeSpan Length) : IStep
{
    public string Text => string.Create(CultureInfo.InvariantCulture, $"let everything go on for {Length.TotalMilliseconds:0} ms");

    public Task RunAsync(DrillStage stage, CancellationToken stop) => Task.Delay(Length, stop);
}

/// <summary>
/// The daemon is started, and killed so soon that it may not have come to answer: what it found half done it leaves half done.
/// </summary>
internal sealed record KillInStart(TimeSpan After) : IStep
{
    public string Text =>
        string.Create(CultureInfo.InvariantCulture, $"start the daemon, SIGKILL to it {After.TotalMilliseconds:0} ms later");

    public async Task RunAsync(DrillStage stage, CancellationToken stop)
    {
        await stage.Daemon.StartAsync();
        await Task.Delay(After, stop);
        await stage.Daemon.EndAsync(Signal.SIGKILL);
    }
}
