namespace ShimStack.Supervisor.Hosting;

/// <summary>shimstackd cannot start: one sentence that names the thing, the reason and what to do.</summary>
internal sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
