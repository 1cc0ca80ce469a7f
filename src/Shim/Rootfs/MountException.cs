namespace ShimStack.Shim.Rootfs;

/// <summary>A part of the rootfs cannot be mounted; the message names it.</summary>
internal sealed class MountException(string message, Exception? inner = null) : Exception(message, inner);
