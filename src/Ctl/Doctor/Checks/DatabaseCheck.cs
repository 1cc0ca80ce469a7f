using System.Buffers.Binary;
using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>
/// The daemon's database is one, and whole by its outside; the daemon itself checks its inside at each start. See the SQLite file format,
/// 1.3.
/// </summary>
internal sealed class DatabaseCheck : ICheck
{
    private const int HeaderLength = 100;
    private const int PageSizeAt = 16;
    private const int ApplicationAt = 68;
    private const int LargestPage = 65536; // which two bytes cannot say: it is written as 1
    private const int ApplicationId = 0x53484d44; // "SHMD", as shimstackd marks its own; 0 while that is still in the log beside it

    public string Name => "database";

    public Finding Look(Patient patient)
    {
        string path = patient.Folders.Database;
        if (patient.Kernel.TryStatus(path) is not FileStatus status)
        {
            return patient.UserId == 0
                ? Finding.Ok($"there is no {path} yet")
                : Finding.Warning($"{path} is not seen", "ask again as root");
        }

        Span<byte> header = stackalloc byte[HeaderLength];
        IoResult read = Files.ReadFile(patient.Kernel.Path(path), header);
        if (!read.IsOk)
        {
            return Finding.Warning($"{path} cannot be read ({read.Errno})", "ask again as root");
        }

        int page = read.Count == HeaderLength ? BinaryPrimitives.ReadUInt16BigEndian(header[PageSizeAt..]) : 0;
        page = page == 1 ? LargestPage : page;
        return read.Count == 0 && status.Size == 0 ? Finding.Ok($"{path} is new")
            : page == 0 || !header.StartsWith("SQLite format 3\0"u8)
                ? Finding.Failure(
                    $"{path} is no database",
                    "move it away, and shimstackd begins with an empty one")
            : BinaryPrimitives.ReadInt32BigEndian(header[ApplicationAt..]) is not (ApplicationId or 0)
                ? Finding.Failure(
                    $"{path} is the database of another program",
                    "choose another root for shimstackd, or move it away")
            : status.Size % page != 0
                ? Finding.Failure(
                    $"{path} is cut short: {status.Size} bytes are no multiple of its pages",
                    "restore it, or move it away, and shimstackd begins with an empty one")
            : Finding.Ok($"{path} has {status.Size / page} pages of {page} bytes{Checked(patient)}");
    }

    private static string Checked(Patient patient) => patient.Daemon.Answers ? ", and the daemon has checked it at its start" : "";
}
