using ShimStack.Ctl.Logs;
using ShimStack.Ctl.Output;
using ShimStack.Native.Mounts;

namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>There is room for records, bundles and logs.</summary>
internal sealed class SpaceCheck : ICheck
{
    private const ulong Little = 256 << 20;
    private const ulong None = 16 << 20;
    private const ulong FewFiles = 1000;

    public string Name => "space";

    public Finding Look(Patient patient)
    {
        List<string> good = [], scarce = [];
        bool isFull = false;
        foreach (string folder in ((string[])[patient.Folders.State, patient.Folders.Root, LogLocation.DefaultFolder]).Where(patient.Kernel.Exists))
        {
            FileSystemSpace space = patient.Space(patient.Kernel.Path(folder));
            bool isScarce = space.BytesAvailable < Little || (space.Files > 0 && space.FilesFree < FewFiles);
            isFull |= space.BytesAvailable < None || (space.Files > 0 && space.FilesFree == 0);
            (isScarce ? scarce : good).Add($"{folder}: {Units.Bytes(space.BytesAvailable)}{(space.Files > 0 ? $" and {space.FilesFree} files" : "")}");
        }

        return scarce.Count == 0 ? Finding.Ok(good.Count > 0 ? $"left for {string.Join("; ", good)}" : "no folder is there yet")
            : new(isFull ? Verdict.Failure : Verdict.Warning, $"little is left for {string.Join("; ", scarce)}", "make room: on a full disk nothing can be changed");
    }
}
