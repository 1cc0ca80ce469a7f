using System.Globalization;
using ShimStack.Api.Restart;
using ShimStack.Ctl.Containers;
using ShimStack.Ctl.Kernel;

namespace ShimStack.Ctl.Top;

/// <summary>
/// A container between two readings. <paramref name="Processors"/>: 1 is one processor the whole time; null before there are two readings.
/// </summary>
internal sealed record TopRow(ContainerLine Line, double? Processors, Usage? Usage, int Restarts, DateTimeOffset? UpSince)
{
    // Where the restart monitor of containerd counts; shimstackd says it by itself.
    private const string RestartCount = "containerd.io/restart.count";

    /// <summary>The busiest first.</summary>
    public static IReadOnlyList<TopRow> Between(TopReading? before, TopReading now, KernelFiles kernel) =>
    [
        .. now.Lines.Select(line => Of(line, before, now, kernel))
            .OrderByDescending(row => row.Processors ?? 0)
            .ThenByDescending(row => row.Usage?.Memory ?? 0)
            .ThenBy(row => row.Line.Container.Id, StringComparer.Ordinal),
    ];

    private static TopRow Of(ContainerLine line, TopReading? before, TopReading now, KernelFiles kernel)
    {
        string id = line.Container.Id;
        Usage? usage = now.Usages.GetValueOrDefault(id);
        return new TopRow(line, Share(before, now, id), usage, Restarted(line), UpSinceOf(line, kernel));
    }

    // Less time than before says that it is another container of the same name, or has been started again.
    private static double? Share(TopReading? before, TopReading now, string id) =>
        before is not null && before.Usages.TryGetValue(id, out Usage? first) && now.Usages.TryGetValue(id, out Usage? second)
        && now.Time > before.Time && second.Processor >= first.Processor
            ? (second.Processor - first.Processor) / (now.Time - before.Time)
            : null;

    private static int Restarted(ContainerLine line)
    {
        string? counted = line.Container.Labels.GetValueOrDefault(RestartCount);
        return line.Restart is RestartInfo restart ? (int)restart.Count
            : int.TryParse(counted, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count
            : 0;
    }

    // The daemon does not say when a process was started; the kernel does, if it is ours.
    private static DateTimeOffset? UpSinceOf(ContainerLine line, KernelFiles kernel)
    {
        if (line.Task is not { Pid: > 0 } task || line.ExitCode is not null)
        {
            return null;
        }

        KernelProcess? process = KernelProcess.TryRead(kernel, (int)task.Pid);
        string? asked = line.Cgroup;
        bool isIt = process?.Cgroup is string cgroup && asked is not null && cgroup.EndsWith(asked, StringComparison.Ordinal);
        return isIt ? process!.StartedAt : line.Since;
    }
}
