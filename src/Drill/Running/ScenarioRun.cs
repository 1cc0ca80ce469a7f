using System.Globalization;
using Grpc.Core;
using ShimStack.Drill.Invariants;
using ShimStack.Drill.Live;
using ShimStack.Drill.Record;
using ShimStack.Drill.Scenarios;
using ShimStack.Drill.Steps;
using ShimStack.Drill.Targets;
using ShimStack.Native;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Running;

/// <summary>One scenario: the fleet, its rounds, the end of everything, and the search for what is left.</summary>
internal sealed class ScenarioRun(IScenario scenario, DrillSettings settings, DrillRecord record, Action<int, string, TimeSpan> progress)
{
    private static readonly TimeSpan SweepPause = TimeSpan.FromMilliseconds(100);

    private const string Interrupted = "interrupted";

    private readonly Moment _begin = record.Now();
    private int _rounds;

    public async Task<ScenarioResult> RunAsync(ITarget target, CancellationToken stop)
    {
        string? failure = null;
        await using (DrillStage stage = new(target, record))
        {
            try
            {
                stage.Watch();
                await TakeAsync(stage, 0, WorkFleet.Opening(settings.Plan), stop);
                await RoundsAsync(stage, stop);
                await CloseAsync(stage, stop);
            }
            catch (Exception e) when (e is RpcException or SyscallException or DrillException or TimeoutException or IOException)
            {
                failure = e is RpcException call ? $"{call.StatusCode}: {call.Status.Detail}" : e.Message;
                string where = record
                    .Read(() => record.Steps.Count == 0 ? "the start" : $"step {record.Steps.Count}, {record.Steps[^1].Text}");
                failure = $"{where}: {failure}";
                await stage.Settlement.SettleAsync(CancellationToken.None);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                failure = Interrupted;
            }
        }

        return new ScenarioResult(scenario.Name, record, _rounds, record.Now().Since(_begin), failure);
    }

    private async Task RoundsAsync(DrillStage stage, CancellationToken stop)
    {
        do
        {
            await TakeAsync(stage, _rounds + 1, scenario.Round(settings.Plan, _rounds + 1), stop);
            _rounds++;
        }
        while (GoesOn());
    }

    private bool GoesOn()
    {
        bool hasFailed = record.Read(() => record.Violations.Count > 0);
        return settings.UntilFailure
            ? !hasFailed && (settings.Duration is null || record.Now().Since(_begin) < settings.Duration)
            : settings.Duration is TimeSpan length && record.Now().Since(_begin) < length;
    }

    private async Task TakeAsync(DrillStage stage, int round, IEnumerable<IStep> steps, CancellationToken stop)
    {
        foreach (IStep step in steps)
        {
            stop.ThrowIfCancellationRequested();
            StepMark mark = record.Read(() => new StepMark(record.Steps.Count + 1, step.Text, record.Now()));
            record.Note(EntryKind.Step, "", string.Create(CultureInfo.InvariantCulture, $"step {mark.Number}: {step.Text}"), _ =>
                record.Steps.Add(mark));
            progress(round, step.Text, record.Now().Since(_begin));
            await step.RunAsync(stage, stop);
            await stage.Settlement.SettleAsync(stop);
            record.Change(() => mark.To = record.Now());
        }
    }

    private async Task CloseAsync(DrillStage stage, CancellationToken stop)
    {
        string[] running = record.Read(() => record.Subjects
            .Where(static subject => subject.Life != Life.Removed)
            .OrderBy(static subject => subject.IsInit)
            .Select(static subject => subject.Name)
            .ToArray());
        await TakeAsync(stage, _rounds, DrillPlan.Closing(running), stop);
        LeftoverSweep sweep = new(stage.Target.Places, stage.Ids);
        await LeakAsync(() => sweep.All(stage.Daemons.Select(static daemon => daemon.Pid)), stop);
        if (stage.Target is not ILiveTarget)
        {
            await EndDaemonsAsync(stage, stop);
        }

        await stage.Settlement.SettleAsync(stop);
    }

    // With them gone there may be no process at all.
    private async Task EndDaemonsAsync(DrillStage stage, CancellationToken stop)
    {
        foreach (IDaemon daemon in stage.Daemons.Reverse())
        {
            await daemon.EndAsync(Signal.SIGTERM);
        }

        await stage.Loop.ReapAsync();
        await LeakAsync(LeftoverSweep.Processes, stop);
    }

    // What is on its way out gets the same patience as all else.
    private async Task LeakAsync(Func<IReadOnlyList<Leak>> look, CancellationToken stop)
    {
        Moment begin = record.Now();
        IReadOnlyList<Leak> leaks = look();
        while (leaks.Count > 0 && record.Now().Since(begin) < Tolerance.Patience)
        {
            await Task.Delay(SweepPause, stop);
            leaks = look();
        }

        record.Change(() => record.Leaks.AddRange(leaks));
    }
}
