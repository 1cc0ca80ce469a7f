namespace ShimStack.Shim.Bootstrap;

/// <summary>An action of the command line cannot be done. The message is what the daemon shows to its user, in one line.</summary>
internal sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
