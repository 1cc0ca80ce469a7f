using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace ShimStack.Shim.Logging;

/// <summary>
/// One line an entry, as key=value pairs: <c>time level msg</c>, the id of the shim, and the error. At most PIPE_BUF bytes, so
/// that lines of several writers never mix; see pipe(7).
/// </summary>
internal sealed class LogfmtLogger(LogFifo fifo, LogLevel minimum, string id, string runtime, TimeProvider time) : ILogger
{
    private const int MaxLine = 4096;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        StringBuilder line = new(256);
        line.Append(CultureInfo.InvariantCulture, $"time=\"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffffffZ}\" level={NameOf(logLevel)} msg=");
        AppendQuoted(line, formatter(state, exception));
        line.Append(CultureInfo.InvariantCulture, $" event={eventId.Name} id={id} runtime={runtime}");
        if (exception is not null)
        {
            line.Append(" error=");
            AppendQuoted(line, exception.ToString());
        }

        byte[] bytes = Encoding.UTF8.GetBytes(line.ToString());
        int length = Math.Min(bytes.Length, MaxLine - 1);
        while (length < bytes.Length && (bytes[length] & 0b1100_0000) == 0b1000_0000)
        {
            length--; // not in the middle of a character
        }

        Array.Resize(ref bytes, length + 1);
        bytes[length] = (byte)'\n';
        fifo.Write(bytes);
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "fatal",
    };

    private static void AppendQuoted(StringBuilder line, string text)
    {
        line.Append('"');
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => line.Append("\\\""),
                '\\' => line.Append("\\\\"),
                '\n' => line.Append("\\n"),
                < ' ' => line.Append(' '),
                _ => line.Append(c),
            };
        }

        line.Append('"');
    }
}
