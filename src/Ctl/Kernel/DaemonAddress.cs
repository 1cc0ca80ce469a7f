namespace ShimStack.Ctl.Kernel;

/// <summary>Where the daemon of this machine listens, unless somebody says otherwise.</summary>
internal static class DaemonAddress
{
    /// <summary>The daemon's own default.</summary>
    public const string Default = "/run/shimstack/shimstackd.sock";

    /// <summary>
    /// What the daemon's configuration says, if it is there, ours to read, and says it. So `systemctl reload` finds the daemon, too.
    /// </summary>
    public static string Of(KernelFiles kernel) => DaemonFolders.Key(kernel.Lines(DaemonFolders.DefaultFile), "address") ?? Default;
}
