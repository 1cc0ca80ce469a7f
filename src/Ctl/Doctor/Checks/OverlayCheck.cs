namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>Overlays, of which images are made: shimstackd does without, the daemons above it do not.</summary>
internal sealed class OverlayCheck : ICheck
{
    public string Name => "overlayfs";

    public Finding Look(Patient patient) => patient.Kernel.Lines("/proc/filesystems").Contains("nodev\toverlay")
        ? Finding.Ok("the kernel has overlay")
        : Finding.Warning(
            "the kernel has no overlay now, and daemons that keep images want it",
            "modprobe overlay, or leave it to the daemon that needs it");
}
