namespace ShimStack.Supervisor.Upgrade;

/// <summary>A build is not taken. The message is one sentence that names it and the reason.</summary>
internal sealed class UpgradeException(string message, Exception? inner = null) : Exception(message, inner);
