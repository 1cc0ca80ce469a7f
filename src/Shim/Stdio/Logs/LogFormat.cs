namespace ShimStack.Shim.Stdio.Logs;

/// <summary>What a log file holds. The numbers are in the state records.</summary>
internal enum LogFormat
{
    /// <summary>The bytes of the process, nothing else.</summary>
    Raw = 0,

    /// <summary>The lines of kubelet's container logs.</summary>
    Cri = 1,

    /// <summary>The lines of Docker's json-file driver.</summary>
    Json = 2,
}
