namespace ShimStack.Shim.Stdio;

/// <summary>Host ids of the user that a container's ends of its streams belong to.</summary>
internal readonly record struct StreamOwner(uint Uid, uint Gid);
