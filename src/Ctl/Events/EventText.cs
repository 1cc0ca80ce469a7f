using System.Globalization;
using System.Text.Json;
using ShimStack.Api.Journal;
using ShimStack.Ctl.Output;

namespace ShimStack.Ctl.Events;

/// <summary>An event as a line for people, or as JSON.</summary>
internal static class EventText
{
    public static string Line(Record record)
    {
        string time = JsonText.Known(record.Envelope.Timestamp)?.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) ?? "-";
        string fields = string.Join(' ', EventFields.Of(record.Envelope.Event).Select(field => $"{field.Name}={field.Value}"));
        return $"{record.Sequence} {time} {record.Envelope.Namespace} {record.Envelope.Topic} {fields}".TrimEnd();
    }

    public static string Json(Record record) => JsonText.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("sequence", record.Sequence);
        writer.WriteTime("time", record.Envelope.Timestamp);
        writer.WriteString("namespace", record.Envelope.Namespace);
        writer.WriteString("topic", record.Envelope.Topic);
        writer.WriteStartObject("event");
        foreach ((string name, object value) in EventFields.Of(record.Envelope.Event))
        {
            Write(writer, name, value);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, string name, object value)
    {
        if (value is uint number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteString(name, (string)value);
        }
    }
}
