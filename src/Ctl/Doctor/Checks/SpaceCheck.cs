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
        string[] folders = [patient.Folders.State, patient.Folders.Root, LogLocation.DefaultFolder];
        foreach (string folder in folders.Where(patient.Kernel.Exists))
        {
            FileSystemSpace space = patient.Space(patient.Kernel.Path(folder));
            bool isScarce = space.BytesAvailable < Little || (space.Files > 0 && space.FilesFree < FewFiles);
            isFull |= space.BytesAvailable < None || (space.Files > 0 && space.FilesFree == 0);
            string files = space.Files > 0 ? $" and {space.FilesFree} files" : "";
            (isScarce ? scarce : good).Add($"{folder}: {Units.Bytes(space.BytesAvailable)}{files}");
        }

        if (scarce.Count > 0)
        {
            string found = $"little is left for {string.Join("; ", scarce)}";
            return new(isFull ? Verdict.Failure : Verdict.Warning, found, "make room: on a full disk nothing can be changed");
        }

        return Finding.Ok(good.Count > 0 ? $"left for {string.Join("; ", good)}" : "no folder is there yet");
    }
}
