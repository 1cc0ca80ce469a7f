using System.Diagnostics;
using ShimStack.Api.Events;
using ShimStack.Api.Task;
using ShimStack.Bench.Measuring;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Shims;
using ShimStack.ShimDriver.Stdio;

namespace ShimStack.Bench.Phases;

/// <summary>One container from the start action to the delete action, each step timed as a daemon sees it.</summary>
internal sealed class LifePhase(DaemonSide daemon)
{
    private const uint KilledBySigkill = 128 + 9;

    internal Task RunAsync(Contender contender, CancellationToken cancellation) =>
        MeasuredSession.RunAsync(daemon, contender, BenchContainer.Idle, session => LiveAsync(session, contender.Samples, cancellation));

    private static async Task LiveAsync(ShimSession session, Samples samples, CancellationToken cancellation)
    {
        long born = Stopwatch.GetTimestamp();
        CommandResult start = await session.LaunchAsync(cancellation);
        samples.Add(Metric.StartAction, start.Elapsed);
        session.PrepareStdio();
        TimeSpan create = await samples.TimeAsync(Metric.Create, () => session.CreateAsync(cancellation));
        Task<WaitResponse> wait = session.Tasks.WaitAsync(new WaitRequest { Id = session.Id }, cancellation);
        TimeSpan started = await samples.TimeAsync(Metric.Start, () => session.StartAsync(cancellation));
        samples.Add(Metric.StartWhole, start.Elapsed + create + started);
        await ExecAsync(session, samples, cancellation);
        await KillAsync(session, samples, wait, cancellation);
        await samples.TimeAsync(Metric.Delete, () => session.DeleteAsync(cancellation));
        samples.Add(Metric.Whole, Stopwatch.GetElapsedTime(born));
        await session.ShutdownAsync(cancellation);
        await samples.TimeAsync(Metric.DeleteAction, () => session.Action.DeleteAsync(cancellation));
    }

    private static async Task ExecAsync(ShimSession session, Samples samples, CancellationToken cancellation)
    {
        ContainerStdio stdio = session.PrepareExecStdio("exec");
        long asked = Stopwatch.GetTimestamp();
        ShimExec exec = await session.ExecAsync("exec", ["true"], stdio, cancellation);
        samples.Add(Metric.Exec, Stopwatch.GetElapsedTime(asked));
        await samples.TimeAsync(Metric.ExecStart, () => exec.StartAsync(cancellation));
        RecordedEvent exit = await exec.WaitForExitEventAsync(TimeSpan.FromSeconds(10), cancellation);
        EnsureStatus(exit, 0);
        await exec.DeleteAsync(cancellation);
    }

    // The exit is taken at the arrival of its event; Wait must tell the same status, or the number would be worth nothing.
    private static async Task KillAsync(ShimSession session, Samples samples, Task<WaitResponse> wait, CancellationToken cancellation)
    {
        long killed = Stopwatch.GetTimestamp();
        await session.KillAsync(cancellation: cancellation);
        RecordedEvent exit = await session.WaitForExitEventAsync(cancellation);
        samples.Add(Metric.KillToExit, Stopwatch.GetElapsedTime(killed, exit.ArrivedAt));
        EnsureStatus(exit, KilledBySigkill);
        uint waited = (await wait).ExitStatus;
        if (waited != KilledBySigkill)
        {
            throw new InvalidOperationException($"Wait says {waited}, the event {KilledBySigkill}");
        }
    }

    private static void EnsureStatus(RecordedEvent exit, uint expected)
    {
        uint status = exit.As(TaskExit.Parser).ExitStatus;
        if (status != expected)
        {
            throw new InvalidOperationException($"exit status {status} instead of {expected}");
        }
    }
}
