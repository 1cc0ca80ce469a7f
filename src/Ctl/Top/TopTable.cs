using System.Globalization;
using System.Text.Json;
using ShimStack.Ctl.Output;

namespace ShimStack.Ctl.Top;

/// <summary>The rows for people and for programs.</summary>
internal static class TopTable
{
    public static TextTable Of(IReadOnlyList<TopRow> rows, DateTimeOffset now)
    {
        TextTable table = new("ID", "STATE", "CPU", "MEMORY", "LIMIT", "PIDS", "READ", "WRITTEN", "RESTARTS", "UP");
        foreach (TopRow row in rows)
        {
            table.Add(
                row.Line.Container.Id,
                new Cell(row.Line.State, row.Line.Colour),
                row.Processors is double share ? string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %") : "-",
                Bytes(row.Usage?.Memory),
                Bytes(row.Usage?.MemoryLimit),
                row.Usage?.Processes.ToString(CultureInfo.InvariantCulture) ?? "-",
                Bytes(row.Usage?.Read),
                Bytes(row.Usage?.Written),
                row.Restarts.ToString(CultureInfo.InvariantCulture),
                row.UpSince is DateTimeOffset since ? Units.Age(now - since) : "-");
        }

        return table;
    }

    public static void Write(Utf8JsonWriter writer, IReadOnlyList<TopRow> rows)
    {
        writer.WriteStartArray();
        foreach (TopRow row in rows)
        {
            writer.WriteStartObject();
            writer.WriteString("id", row.Line.Container.Id);
            writer.WriteString("state", row.Line.State);
            if (row.Processors is double share)
            {
                writer.WriteNumber("cpuPercent", Math.Round(100 * share, 2));
            }

            row.Usage?.WriteMembers(writer);
            writer.WriteNumber("restarts", row.Restarts);
            if (row.UpSince is DateTimeOffset since)
            {
                writer.WriteString("upSince", since);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Bytes(ulong? bytes) => bytes is ulong known ? Units.Bytes(known) : "-";
}
