namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>User namespaces, for pods with users of their own. See user_namespaces(7).</summary>
internal sealed class UserNamespaceCheck : ICheck
{
    public string Name => "user namespaces";

    public Finding Look(Patient patient) => patient.Kernel.TryNumber("/proc/sys/user/max_user_namespaces") switch
    {
        null => Finding.Warning("the kernel has none, so pods cannot have users of their own", "run one with CONFIG_USER_NS"),
        0 => Finding.Warning("none may be made, so pods cannot have users of their own", "sysctl user.max_user_namespaces=10000"),
        ulong number => Finding.Ok($"up to {number} may be made"),
    };
}
