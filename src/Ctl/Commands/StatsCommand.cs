using System.CommandLine;
using System.Globalization;
using ShimStack.Api.Daemon;
using ShimStack.Ctl.Containers;
using ShimStack.Ctl.Output;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl stats`: what containers use now.</summary>
internal static class StatsCommand
{
    private static readonly Argument<string[]> Ids = ContainerArgument.AnyNumber();

    public static Command Create()
    {
        Command command = new("stats", "Shows what containers use: processor time, memory, processes") { Ids };
        command.SetAction(async (result, cancellation) =>
        {
            using CommandScope scope = GlobalOptions.Scope(result, cancellation);
            return (int)await ShowAsync(scope, result.GetValue(Ids) ?? []);
        });
        return command;
    }

    private static async Task<ExitCode> ShowAsync(CommandScope scope, string[] ids)
    {
        MetricsResponse answer = await scope.Client.Tasks.MetricsAsync(new MetricsRequest(), cancellationToken: scope.Cancellation);
        Usage[] all = [.. answer.Metrics.Select(Usage.Of)
            .Where(usage => ids.Length == 0 || ids.Contains(usage.Id))
            .OrderBy(usage => usage.Id, StringComparer.Ordinal)];
        if (scope.Screen.IsJson)
        {
            Screen.Json(writer =>
            {
                writer.WriteStartArray();
                Array.ForEach(all, usage => usage.Write(writer));
                writer.WriteEndArray();
            });
        }
        else if (all.Length > 0 || ids.Length == 0)
        {
            Screen.Table(Table(all));
        }

        IEnumerable<string> missing = ids.Except(all.Select(usage => usage.Id));
        return await scope.EachAsync(missing, id => throw new CtlException($"nothing runs in {id}: shimctl ps shows what does"));
    }

    private static TextTable Table(Usage[] all)
    {
        TextTable table = new("ID", "CPU", "MEMORY", "LIMIT", "PIDS");
        foreach (Usage usage in all)
        {
            table.Add(
                usage.Id,
                string.Create(CultureInfo.InvariantCulture, $"{usage.Processor.TotalSeconds:0.00}s"),
                Units.Bytes(usage.Memory),
                usage.MemoryLimit is ulong limit ? Units.Bytes(limit) : "-",
                usage.Processes.ToString(CultureInfo.InvariantCulture));
        }

        return table;
    }
}
