namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// Whether this process is root of the machine or only of a user namespace, where a few things cannot be done. See user_namespaces(7).
/// </summary>
internal static class UserNamespace
{
    /// <summary>Whether this process lives in a user namespace other than the first.</summary>
    public static bool IsInside() => SmallFile.TryReadAll("/proc/self/uid_map") is byte[] map && !IsInitial(map);

    /// <summary>Whether the text of a uid_map is that of the first user namespace: every id is itself.</summary>
    public static bool IsInitial(ReadOnlySpan<byte> uidMap)
    {
        string[] words = System.Text.Encoding.ASCII.GetString(uidMap).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words is ["0", "0", "4294967295"];
    }
}
