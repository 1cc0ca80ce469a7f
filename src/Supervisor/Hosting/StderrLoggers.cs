namespace ShimStack.Supervisor.Hosting;

/// <summary>Loggers by part of the program. Those of the frameworks speak only of what is wrong.</summary>
internal sealed class StderrLoggers(LogLevel minimum, TimeProvider time) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName)
    {
        bool framework = categoryName.StartsWith("Microsoft.", StringComparison.Ordinal) || categoryName.StartsWith("Grpc.", StringComparison.Ordinal);
        return new StderrLogger(categoryName, framework && minimum < LogLevel.Warning ? LogLevel.Warning : minimum, time);
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("there is one place for the log");

    public void Dispose()
    {
        // Holds nothing.
    }
}
