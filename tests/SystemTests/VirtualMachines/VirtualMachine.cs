using System.Collections.Concurrent;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.VirtualMachines;

/// <summary>
/// A machine that this one cannot be, in qemu with software emulation; made by `./build.sh deps` (eng/vm.sh). It is booted once in a run of
/// the tests, does all its checks (Guest/), and switches itself off.
/// </summary>
internal static class VirtualMachine
{
    /// <summary>Pure cgroup v2, and no service manager.</summary>
    public const string CgroupV2 = "vm-cgroup2";

    /// <summary>Debian with systemd as pid 1, which owns the cgroups: SystemdCgroup = true, as Kubernetes has it.</summary>
    public const string Systemd = "vm-systemd";

    /// <summary>The containerd inside.</summary>
    public const string Line = "2.x";

    private const string Emulator = "/usr/bin/qemu-system-x86_64";

    // How often a machine is booted at most.
    private const int Boots = 3;

    // On a busy machine the emulated timer may be late: without no_timer_check the kernel takes it for missing, and panics.
    private const string Kernel = "console=ttyS0 quiet panic=-1 mitigations=off no_timer_check";

    // Alone on two cores a machine needs about a minute; a test machine is seldom alone.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private static readonly string Folder = Path.Combine(Environment.GetEnvironmentVariable("SHIMSTACK_CACHE") ?? "/var/cache/shimstack", "vm");
    private static readonly ConcurrentDictionary<string, Lazy<Task<GuestReport>>> Reports = [];

    /// <summary>What the machine has found. The first who asks for one boots both: each keeps hardly more than one core busy.</summary>
    public static Task<GuestReport> ReportAsync(string machine)
    {
        Require(machine);
        foreach (string name in ((string[])[CgroupV2, Systemd]).Where(name => Missing(name).Length == 0))
        {
            _ = Reports.GetOrAdd(name, name => new Lazy<Task<GuestReport>>(() => BootAsync(name))).Value;
        }

        return Reports[machine].Value;
    }

    private static string Image(string machine) => Path.Combine(Folder, machine == Systemd ? "systemd.ext4" : "cgroup2.cpio");

    /// <summary>Ends the test as skipped where the machine cannot be had; as failed where it must be there (SHIMSTACK_REQUIRE=system).</summary>
    private static void Require(string machine)
    {
        string[] missing = Missing(machine);
        string reason = $"{machine}: {string.Join(", ", missing)} missing, which ./build.sh deps makes";
        bool required = Environment.GetEnvironmentVariable("SHIMSTACK_REQUIRE") == "system";
        Assert.False(required && missing.Length > 0, reason + "; SHIMSTACK_REQUIRE=system says that it must be there");
        Assert.SkipWhen(missing.Length > 0, reason);
    }

    private static string[] Missing(string machine) =>
        [.. ((string[])[Emulator, Path.Combine(Folder, "vmlinuz"), Image(machine)]).Where(path => !File.Exists(path))];

    // A machine that ends before its first check, by a panic of its kernel under emulation, has said nothing of the shim: it is booted again.
    private static async Task<GuestReport> BootAsync(string machine)
    {
        GuestReport report = await BootOnceAsync(machine);
        for (int attempt = 2; !report.HasBegun && attempt <= Boots; attempt++)
        {
            report = await BootOnceAsync(machine);
        }

        return report;
    }

    private static async Task<GuestReport> BootOnceAsync(string machine)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("shimstack-vm-");
        try
        {
            string disk = Path.Combine(folder.FullName, "checks.tar");
            string console = Path.Combine(folder.FullName, "console");
            string report = Path.Combine(folder.FullName, "report");
            await File.WriteAllTextAsync(report, "");
            await File.WriteAllTextAsync(console, "");
            await GuestDisk.WriteAsync(disk, machine, CancellationToken.None);
            string emulator = Path.Combine(folder.FullName, "emulator");
            await RunAsync(Arguments(machine, disk, console, report), emulator);
            return new GuestReport(machine, File.ReadAllLines(report), [.. File.ReadAllLines(console), .. File.ReadAllLines(emulator)]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>
    /// Until the machine has switched itself off, or its time is over: its report is then not complete. Below a guard nothing outlives this process.
    /// </summary>
    private static async Task RunAsync(IEnumerable<string> arguments, string log)
    {
        using Guard guard = new();
        string line = string.Join(' ', arguments.Prepend(Emulator).Select(argument => $"'{argument}'"));
        int pid = await guard.StartAsync($"{line} >{log} 2>&1");
        await Until.IsTrueAsync(() => ProcessTable.CommandLine(pid).Length == 0, Limit);
        await guard.EndAsync(pid, "KILL");
    }

    private static string[] Arguments(string machine, string disk, string console, string report) =>
    [
        "-machine", "q35", "-cpu", "Nehalem", "-accel", "tcg,thread=multi", "-smp", "2", "-m", "1024",
        "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-monitor", "none",
        "-serial", $"file:{console}", "-serial", $"file:{report}",
        "-kernel", Path.Combine(Folder, "vmlinuz"),
        "-drive", $"if=none,id=checks,format=raw,readonly=on,file={disk}", "-device", "nvme,serial=1", "-device", "nvme-ns,drive=checks,nsid=1",
        .. machine == Systemd
            ? (string[])["-drive", $"if=none,id=root,format=raw,snapshot=on,file={Image(machine)}", "-device", "nvme-ns,drive=root,nsid=2",
                "-append", $"{Kernel} root=/dev/nvme0n2 rw systemd.unit=shimstack.service systemd.show_status=0"]
            : ["-initrd", Image(machine), "-append", Kernel],
    ];
}
