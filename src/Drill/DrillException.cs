namespace ShimStack.Drill;

/// <summary>The drill cannot go on; the message is for the user.</summary>
public sealed class DrillException(string message, Exception? inner = null) : Exception(message, inner);
