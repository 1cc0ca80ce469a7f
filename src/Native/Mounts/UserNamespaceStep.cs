namespace ShimStack.Native.Mounts;

/// <summary>Where making a user namespace failed; the order is that of user_namespace.c.</summary>
internal enum UserNamespaceStep
{
    none,
    clone,
    uid_map,
    gid_map,
    open,
}
