using System.Diagnostics;
using System.Text.Json;
using ShimStack.Bench.Daemons;
using ShimStack.Bench.Measuring;
using ShimStack.Bench.Reporting;
using ShimStack.ShimDriver.Host;

namespace ShimStack.Bench.Scale;

/// <summary>A node full of idle containers, by our shim and then by the newest containerd's own: memory, rest, and recovery.</summary>
internal sealed class ScaleTrial(int containers)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromMinutes(5);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    internal async Task RunAsync(
        IReadOnlyList<Contender> contenders, MachineFacts machine, BenchOptions options, CancellationToken cancellation)
    {
        List<NodeFigures> figures = [];
        foreach (Contender contender in contenders.Where(contender => contender.Role != Role.OldReference))
        {
            figures.Add(await TryAsync(contender, cancellation));
        }

        Console.WriteLine(machine.Line);
        Console.Write(ScaleTable.Write(figures));
        await Report.WriteAsync(Path.Combine(options.Output, "scale.json"), JsonSerializer.Serialize(figures, Indented), cancellation);
        if (options.Record)
        {
            await Report.WriteAsync("docs/scale.md", ScaleTable.Page(machine, figures), cancellation);
        }
    }

    private async Task<NodeFigures> TryAsync(Contender contender, CancellationToken cancellation)
    {
        await using DaemonStage stage = await DaemonStage.StartAsync(DaemonLine.New, [contender], cancellation);
        var eight = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation };
        await Progress.TellAsync($"{contender.Name}: starting {containers} containers");
        string[] ids = [.. Enumerable.Range(0, containers).Select(_ => stage.NewId())];
        long began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(ids, eight, async (id, _) => await stage.RunContainerAsync(id, contender, ["sleep", "100000"], cancellation));
        TimeSpan started = Stopwatch.GetElapsedTime(began);
        NodeFigures figures = await MeasureAsync(stage, contender, started, cancellation);
        await Progress.TellAsync($"{contender.Name}: removing them");
        await Parallel.ForEachAsync(ids, eight, async (id, _) => await stage.RemoveContainerAsync(id, kill: true, cancellation));
        return figures;
    }

    private async Task<NodeFigures> MeasureAsync(DaemonStage stage, Contender contender, TimeSpan started, CancellationToken cancellation)
    {
        await Task.Delay(Settling, cancellation);
        IReadOnlyList<RunningProcess> shims = stage.ShimProcesses();
        ProcessMemory[] memory = [.. shims.Select(shim => shim.Memory)];
        int descriptors = shims.Sum(shim => shim.DescriptorCount);
        await Progress.TellAsync($"{contender.Name}: at rest for {Window.TotalSeconds} s");
        NodeCpu before = NodeCpu.Read(shims, stage.Daemon.Running);
        await Task.Delay(Window, cancellation);
        NodeCpu rest = NodeCpu.Read(shims, stage.Daemon.Running) - before;
        await Progress.TellAsync($"{contender.Name}: SIGKILL for containerd");
        TimeSpan cpu = NodeCpu.Read(shims, stage.Daemon.Running).Shims;
        long killed = Stopwatch.GetTimestamp();
        await stage.RestartDaemonAsync();
        await stage.Api.WaitForTasksAsync(containers, RecoveryLimit, cancellation);
        TimeSpan recovered = Stopwatch.GetElapsedTime(killed);
        return new NodeFigures
        {
            Shim = contender.Name,
            Containers = containers,
            StartSeconds = started.TotalSeconds,
            ShimMegabytes = memory.Sum(m => m.Pss) / Bytes.Megabyte,
            ShimPrivateDirtyMegabytes = memory.Sum(m => m.PrivateDirty) / Bytes.Megabyte,
            ShimThreads = memory.Sum(m => m.Threads),
            ShimDescriptors = descriptors,
            DaemonDescriptors = stage.Daemon.Running.DescriptorCount,
            IdleShimPerMille = PerMille(rest.Shims),
            IdleDaemonPerMille = PerMille(rest.Daemon),
            IdleNodePerMille = PerMille(rest.Node),
            RecoverySeconds = recovered.TotalSeconds,
            RecoveryShimCpuSeconds = (NodeCpu.Read(shims, stage.Daemon.Running).Shims - cpu).TotalSeconds,
        };
    }

    private static double PerMille(TimeSpan used) => used / Window * 1000;
}
