using System.Text;
using System.Text.Json;
using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Output;

namespace ShimStack.Ctl.Logs;

/// <summary>Prints the lines of a log, which are JSON of log, stream and time: each to the stream that it was written to.</summary>
internal sealed class LogPrinter(bool json, bool times, LogChoice choice = default)
{
    // Of what is there already, until that is known to its end; null from then on.
    private Queue<byte[]>? _last = choice.Last is null ? null : new Queue<byte[]>();

    /// <param name="line">Without its line feed.</param>
    /// <exception cref="CtlException">It is no such line.</exception>
    public void Print(ReadOnlySpan<byte> line)
    {
        if (choice.Since is not null && !choice.HasTime(Parse(line).Time))
        {
            return;
        }

        if (_last is null)
        {
            Write(line);
            return;
        }

        _last.Enqueue(line.ToArray());
        if (_last.Count > choice.Last)
        {
            _last.Dequeue();
        }
    }

    /// <summary>All that was there has been printed: what comes now is new.</summary>
    public void EndPast()
    {
        Queue<byte[]> last = _last ?? [];
        _last = null;
        foreach (byte[] line in last)
        {
            Write(line);
        }
    }

    private void Write(ReadOnlySpan<byte> line)
    {
        if (json)
        {
            Screen.Bytes(Screen.Output, [.. line, (byte)'\n']);
            return;
        }

        LogLine parsed = Parse(line);
        byte[] text = Encoding.UTF8.GetBytes(times ? $"{parsed.Time} {parsed.Text}" : parsed.Text);
        Screen.Bytes(parsed.Stream == "stderr" ? Screen.Error : Screen.Output, text);
    }

    public static LogLine Parse(ReadOnlySpan<byte> line)
    {
        string text = "", stream = "", time = "";
        try
        {
            Utf8JsonReader reader = new(line);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    bool isText = reader.ValueTextEquals("log"u8), isStream = reader.ValueTextEquals("stream"u8), isTime = reader.ValueTextEquals("time"u8);
                    reader.Read();
                    text = isText ? reader.GetString() ?? "" : text;
                    stream = isStream ? reader.GetString() ?? "" : stream;
                    time = isTime ? reader.GetString() ?? "" : time;
                }
            }
        }
        catch (JsonException e)
        {
            throw new CtlException($"the log has a line that is no JSON: {Encoding.UTF8.GetString(line)}", inner: e);
        }

        return new LogLine(text, stream, time);
    }
}

/// <summary>A line, or a part of a long one: with its line feed, if it has one.</summary>
internal readonly record struct LogLine(string Text, string Stream, string Time);
