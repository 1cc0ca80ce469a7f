using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace ShimStack.Ctl.Output;

/// <summary>Answers for programs.</summary>
internal static class JsonText
{
    public static string Of(Action<Utf8JsonWriter> write, bool indented = false)
    {
        using MemoryStream stream = new();
        // It goes to terminals and files, never into a web page: only what JSON itself asks for is escaped.
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>A time of the wire; null where there is none, which some write as the year 1.</summary>
    public static void WriteTime(this Utf8JsonWriter writer, string name, Timestamp? time)
    {
        if (Known(time) is DateTimeOffset known)
        {
            writer.WriteString(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    public static DateTimeOffset? Known(Timestamp? time) => time is null || time.Seconds <= 0 ? null : time.ToDateTimeOffset();
}
