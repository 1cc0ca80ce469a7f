using Microsoft.Extensions.Logging;

namespace ShimStack.Shim.Tests.Stdio;

/// <summary>A log whose lines a test can look at.</summary>
internal sealed class RememberedLog : ILogger
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Add(formatter(state, exception));
}
