namespace ShimStack.Supervisor.Configuration;

/// <summary>A setting is wrong. The message names where it stands, its key and the reason.</summary>
internal sealed class ConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
