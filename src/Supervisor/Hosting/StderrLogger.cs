using System.Globalization;
using System.Text;

namespace ShimStack.Supervisor.Hosting;

/// <summary>One line an entry on stderr, as key=value pairs like containerd's: for journald, and for people.</summary>
/// <param name="category">The part.</param>
/// <param name="minimum">What is less is not said, whatever the log level of all.</param>
/// <param name="loggers">Have the log level of all.</param>
/// <param name="time">The clock.</param>
internal sealed class StderrLogger(string category, LogLevel minimum, StderrLoggers loggers, TimeProvider time) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && logLevel >= loggers.Minimum && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        StringBuilder line = new(256);
        line.Append(CultureInfo.InvariantCulture, $"time=\"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffffffZ}\" level={NameOf(logLevel)} msg=");
        AppendQuoted(line, formatter(state, exception));
        line.Append(CultureInfo.InvariantCulture, $" part={category}");
        if (exception is not null)
        {
            line.Append(" error=");
            AppendQuoted(line, exception.ToString());
        }

        StandardStreams.Write(StandardStreams.Error, line.Append('\n').ToString());
    }

    /// <summary>The name in the log of a level.</summary>
    public static string NameOf(LogLevel level) => level switch
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
