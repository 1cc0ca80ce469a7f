using System.Globalization;
using System.Text.Json;
using ShimStack.Api.Restart;
using ShimStack.Ctl.Output;

namespace ShimStack.Ctl.Containers;

/// <summary>The list of containers, for people and for programs.</summary>
internal static class ContainerLines
{
    public static void Show(Screen screen, IReadOnlyList<ContainerLine> lines, bool quiet, DateTimeOffset now)
    {
        if (screen.IsJson)
        {
            Screen.Json(writer => Write(writer, lines));
        }
        else if (quiet)
        {
            Screen.Write(Screen.Output, string.Concat(lines.Select(line => line.Container.Id + "\n")));
        }
        else
        {
            Screen.Table(Table(lines, now));
        }
    }

    public static TextTable Table(IReadOnlyList<ContainerLine> lines, DateTimeOffset now)
    {
        TextTable table = new("ID", "STATE", "PID", "EXIT", "SINCE", "COMMAND");
        foreach (ContainerLine line in lines)
        {
            table.Add(
                line.Container.Id,
                new Cell(line.IsRestarting ? $"{line.State} in {Units.Age((JsonText.Known(line.Restart!.NextTryAt) ?? now) - now)}" : line.State, line.Colour),
                line.Pid,
                line.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "-",
                line.Since is DateTimeOffset since ? Units.Age(now - since) : "-",
                string.Join(' ', line.Command));
        }

        return table;
    }

    public static void Write(Utf8JsonWriter writer, IReadOnlyList<ContainerLine> lines)
    {
        writer.WriteStartArray();
        foreach (ContainerLine line in lines)
        {
            writer.WriteStartObject();
            writer.WriteString("id", line.Container.Id);
            writer.WriteString("state", line.State);
            writer.WriteNumber("pid", line.Task?.Pid ?? 0);
            if (line.ExitCode is uint code)
            {
                writer.WriteNumber("exitCode", code);
            }

            writer.WriteTime("createdAt", line.Container.CreatedAt);
            writer.WriteTime("exitedAt", line.Task?.ExitedAt);
            writer.WriteString("runtime", line.Container.Runtime?.Name);
            if (line.Restart is RestartInfo restart)
            {
                writer.WriteString("restartPolicy", restart.Policy);
                writer.WriteNumber("restartCount", restart.Count);
                writer.WriteTime("nextTryAt", restart.NextTryAt);
            }

            writer.WriteStartArray("command");
            foreach (string word in line.Command)
            {
                writer.WriteStringValue(word);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
