using ShimStack.Ctl.Kernel;

namespace ShimStack.Ctl.Views;

/// <summary>A container's first process and its shim as the kernel has them.</summary>
internal sealed record KernelView
{
    /// <summary>Why it was not seen; null if it was looked for, whether it is there or not.</summary>
    public string? NotSeen { get; init; }

    /// <summary>null if there is no process of that pid.</summary>
    public KernelProcess? Process { get; init; }

    public KernelProcess? Shim { get; init; }

    /// <summary>The shim has taken the place of one that died: it is no parent of its container.</summary>
    public bool IsAdopted { get; init; }

    public static KernelView Read(KernelFiles kernel, int pid, int shimPid) => new()
    {
        Process = pid > 0 ? KernelProcess.TryRead(kernel, pid) : null,
        Shim = shimPid > 0 ? KernelProcess.TryRead(kernel, shimPid) : null,
        IsAdopted = shimPid > 0 && kernel.CommandLine(shimPid).Contains("-adopt"),
    };
}
