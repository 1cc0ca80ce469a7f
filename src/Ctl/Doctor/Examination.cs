using ShimStack.Ctl.Doctor.Checks;
using ShimStack.Native;

namespace ShimStack.Ctl.Doctor;

/// <summary>All checks, in the order in which one would look: what is below first.</summary>
internal static class Examination
{
    public static readonly IReadOnlyList<ICheck> Checks =
    [
        new KernelCheck(), new PidDescriptorCheck(), new CgroupCheck(), new OverlayCheck(), new UserNamespaceCheck(), new SeccompCheck(),
        new MemoryFileCheck(),
        new RuntimeCheck(), new ShimCheck(), new UnitCheck(),
        new DaemonCheck(), new SocketCheck(), new FolderCheck(), new DatabaseCheck(), new SpaceCheck(), new LimitCheck(), new OutOfMemoryCheck(),
        new ShimLeftoverCheck(), new BundleLeftoverCheck(), new MountLeftoverCheck(), new CgroupLeftoverCheck(), new StreamLeftoverCheck(),
    ];

    public static IReadOnlyList<(ICheck Check, Finding Finding)> Of(Patient patient) => [.. Checks.Select(check => (check, Look(check, patient)))];

    // One that cannot look does not keep the others from it.
    private static Finding Look(ICheck check, Patient patient)
    {
        try
        {
            return check.Look(patient);
        }
        catch (Exception e) when (e is SyscallException or IOException or UnauthorizedAccessException or FormatException)
        {
            return Finding.Warning(
                $"this could not be looked at: {e.Message}",
                patient.UserId == 0 ? "look at what the message names" : "ask again as root");
        }
    }
}
