using ShimStack.Api.Daemon;
using ShimStack.Api.Restart;
using ShimStack.Ctl.Containers;
using ShimStack.Ctl.Output;
using Spectre.Console;

namespace ShimStack.Ctl.Views;

/// <summary>The three views for people: a table, and sentences below it.</summary>
internal static class ViewText
{
    public static void Show(Container container, RestartInfo? restart, ContainerViews views, DateTimeOffset now)
    {
        ContainerLine line = new(container, null) { Restart = restart };
        Screen.Line($"{container.Id}: {string.Join(' ', line.Command)}");
        string age = line.Since is DateTimeOffset since ? $", made {Units.Age(now - since)} ago" : "";
        Screen.Line($"runtime {container.Runtime?.Name}{age}; daemon {views.Daemon.Version}; shim {Or(views.Shim.Version, "-")}\n");
        Screen.Table(Table(views));
        if (restart is not null)
        {
            string waits = line.IsRestarting ? ", and it waits for the next one" : "";
            string failed = restart.Error.Length > 0 ? $"; the last try failed: {restart.Error}" : "";
            Screen.Line($"daemon: restart policy {restart.Policy}, {restart.Count} restarts{waits}{failed}");
        }

        foreach (string sentence in Sentences(views))
        {
            Screen.Line(sentence);
        }
    }

    public static TextTable Table(ContainerViews views)
    {
        TextTable table = new("", "DAEMON", "SHIM", "KERNEL", "");
        foreach (ViewRow row in ViewRows.Of(views))
        {
            Color colour = row.Differs ? Color.Red : Color.Default;
            Cell shim = Cell(row.Shim, views.Shim.NotSeen), kernel = Cell(row.Kernel, views.Kernel.NotSeen);
            table.Add(row.Name, Cell(row.Daemon, null), shim, kernel, new Cell(row.Differs ? "differs" : "", colour));

            Cell Cell(string? value, string? notSeen) => new(value ?? (notSeen is null ? "-" : "?"), colour);
        }

        return table;
    }

    public static IEnumerable<string> Sentences(ContainerViews views)
    {
        if (views.Shim.NotSeen is string shim)
        {
            yield return $"shim: not seen, because {shim}";
        }

        if (views.Kernel.NotSeen is string kernel)
        {
            yield return $"kernel: not seen, because {kernel}";
        }

        foreach (string note in ViewRows.Notes(views.Shim))
        {
            yield return $"shim: {note}";
        }
    }

    private static string Or(string text, string other) => text.Length > 0 ? text : other;
}
