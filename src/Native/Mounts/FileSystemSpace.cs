namespace ShimStack.Native.Mounts;

/// <summary>
/// How large a file system is and what is left for users that are not root: <paramref name="Bytes"/>, and <paramref name="Files"/>, which are 0
/// where it does not count them. See statfs(2).
/// </summary>
public readonly record struct FileSystemSpace(ulong Bytes, ulong BytesAvailable, ulong Files, ulong FilesFree);
