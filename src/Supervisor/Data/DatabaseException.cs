namespace ShimStack.Supervisor.Data;

/// <summary>The database cannot be used; the message names the file, the reason and what to do.</summary>
internal sealed class DatabaseException(string message, Exception? inner = null) : Exception(message, inner);
