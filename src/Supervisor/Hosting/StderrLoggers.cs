namespace ShimStack.Supervisor.Hosting;

/// <summary>Loggers by part of the program. Those of the frameworks speak only of what is wrong.</summary>
internal sealed class StderrLoggers(TimeProvider time) : ILoggerFactory
{
    /// <summary>What is less than this is not said; also by loggers that are there already.</summary>
    public LogLevel Minimum { get; set; } = LogLevel.Information;

    public ILogger CreateLogger(string categoryName)
    {
        bool framework = categoryName.StartsWith("Microsoft.", StringComparison.Ordinal) || categoryName.StartsWith("Grpc.", StringComparison.Ordinal);
        return new StderrLogger(categoryName, framework ? LogLevel.Warning : LogLevel.Trace, this, time);
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("there is one place for the log");

    public void Dispose()
    {
        // Holds nothing.
    }
}
