namespace ShimStack.Native.Mounts;

/// <summary>
/// <paramref name="Count"/> ids from <paramref name="InsideId"/> in the namespace are those from <paramref name="OutsideId"/> outside. See
/// user_namespaces(7).
/// </summary>
public readonly record struct IdMapping(uint InsideId, uint OutsideId, uint Count);
