// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Tests;

/// <summary>The real atomic writes over a disk that forgets what was not forced to it, and that can be full or damaged.</summary>
public sealed class AtomicFilesTests
{
    private const string Path = "/simulated/agent/file";
    private const int Rounds = 300;
    private static readonly byte[] First = [1, 1, 1];
    private static readonly byte[] Second = [2, 2, 2, 2];

    [Fact]
    public void A_power_cut_at_any_moment_leaves_the_old_content_or_the_new()
    {
        var outcomes = new HashSet<byte>();
        for (var seed = 1UL; seed <= Rounds; seed++)
        {
            var machine = new Machine(seed);
            machine.Finish(machine.Begin(files => files.WriteSealedAsync(Path, First, FileModes.Private, default)));
            var second = machine.Begin(files => files.WriteSealedAsync(Path, Second, FileModes.Private, default));
            machine.Pass(new SeededStream(seed, "cut").Between(0, 6));
            machine.Disk.CutPower();
            var content = machine.Read().Content.ToArray();
            Assert.True(content.SequenceEqual(Second) || (content.SequenceEqual(First) && !second.IsCompleted), $"seed {seed}");
            outcomes.Add(content[0]);
        }

        Assert.Equal(2, outcomes.Count);
    }

    [Fact]
    public void A_full_disk_refuses_and_keeps_the_old_content()
    {
        var machine = new Machine(1);
        machine.Finish(machine.Begin(files => files.WriteSealedAsync(Path, First, FileModes.Private, default)));
        machine.Disk.IsFull = true;
        var refused = machine.Begin(files => files.WriteSealedAsync(Path, Second, FileModes.Private, default));
        machine.Pass(TimeSpan.FromSeconds(1));
        Assert.IsType<IOException>(refused.Exception!.InnerException);
        machine.Disk.CutPower();
        Assert.Equal(First, machine.Read().Content.ToArray());
    }

    [Fact]
    public void A_damaged_file_is_noticed_and_the_generation_before_it_is_read()
    {
        for (var seed = 1UL; seed <= Rounds; seed++)
        {
            var machine = new Machine(seed);
            machine.Finish(machine.Begin(files => files.WriteSealedAsync(Path, First, FileModes.Private, default)));
            machine.Finish(machine.Begin(files => files.WriteSealedAsync(Path, Second, FileModes.Private, default)));
            var isNewest = machine.Disk.Damage() == Path;
            var read = machine.Read();
            Assert.Equal(isNewest ? First : Second, read.Content.ToArray());
            Assert.Equal(isNewest ? SealedReadOutcome.Previous : SealedReadOutcome.Intact, read.Outcome);
        }
    }

    /// <summary>One program with a disk, in virtual time.</summary>
    private sealed class Machine
    {
        private readonly Timeline _timeline = new();
        private readonly SimulatedProcess _process;
        private readonly AtomicFiles _files;

        public Machine(ulong seed)
        {
            _process = new SimulatedProcess(_timeline, static () => TimeSpan.Zero, static error => Assert.Fail(error.ToString()));
            Disk = new SimulatedDisk(_timeline, new SeededStream(seed, "disk"));
            _files = new AtomicFiles(Disk);
        }

        public SimulatedDisk Disk { get; }

        public Task<bool> Begin(Func<AtomicFiles, Task> work) => Begin(async files =>
        {
            await work(files);
            return true;
        });

        public void Pass(TimeSpan span) => _timeline.RunUntil(_timeline.Now + span);

        public void Finish(Task task)
        {
            Pass(TimeSpan.FromSeconds(1));
            Assert.True(task.IsCompletedSuccessfully, task.Exception?.ToString());
        }

        public SealedReadResult Read()
        {
            var read = Begin(files => files.ReadSealedAsync(Path, default));
            Finish(read);
            return read.Result;
        }

        private Task<T> Begin<T>(Func<AtomicFiles, Task<T>> work)
        {
            Task<T>? begun = null;
            _timeline.After(TimeSpan.Zero, () => _process.Run(() => begun = work(_files)));
            Pass(TimeSpan.Zero);
            return begun!;
        }
    }
}
