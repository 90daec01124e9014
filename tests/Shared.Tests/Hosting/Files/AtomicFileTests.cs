// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Hosting.Files;

namespace ClusterManager.Shared.Tests.Hosting.Files;

public sealed class AtomicFileTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TestDirectory _directory = new();

    private string Target => _directory.File("state");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Write_replaces_content_and_leaves_no_temporary_file()
    {
        await AtomicFile.WriteTextAsync(Target, "a longer first text", FileModes.Private, None);
        await AtomicFile.WriteTextAsync(Target, "second", FileModes.Private, None);

        Assert.Equal("second", await AtomicFile.ReadTextAsync(Target, None));
        Assert.Equal(["state"], Directory.GetFiles(_directory.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(FileModes.Private)]
    [InlineData(FileModes.Shared)]
    public async Task File_has_the_mode_asked_for_even_over_a_left_over_temporary_file(UnixFileMode mode)
    {
        await File.WriteAllTextAsync(Target + ".tmp", "left over by a crash, longer than what follows");
        File.SetUnixFileMode(Target + ".tmp", (UnixFileMode)0b110_110_110);

        await AtomicFile.WriteTextAsync(Target, "x", mode, None);

        Assert.Equal(mode, File.GetUnixFileMode(Target));
        Assert.Equal("x", await AtomicFile.ReadTextAsync(Target, None));
    }

    [Fact]
    public async Task Missing_file_reads_as_null()
    {
        Assert.Null(await AtomicFile.ReadAsync(Target, None));
        Assert.Null(await AtomicFile.ReadAsync(_directory.File("no/such/directory"), None));
    }

    [Fact]
    public async Task Failed_write_keeps_the_old_content()
    {
        await AtomicFile.WriteTextAsync(Target, "old", FileModes.Private, None);
        Directory.CreateDirectory(Target + ".tmp");

        await Assert.ThrowsAnyAsync<Exception>(() => AtomicFile.WriteTextAsync(Target, "new", FileModes.Private, None));

        Assert.Equal("old", await AtomicFile.ReadTextAsync(Target, None));
    }

    [Fact]
    public async Task Sealed_file_round_trips_any_bytes()
    {
        var content = Enumerable.Range(0, 70_000).Select(i => (byte)(i * 31)).ToArray();
        await AtomicFile.WriteSealedAsync(Target, content, FileModes.Private, None);

        var read = await AtomicFile.ReadSealedAsync(Target, None);

        Assert.Equal(SealedReadOutcome.Intact, read.Outcome);
        Assert.Equal(content, read.Content.ToArray());
        Assert.Null(read.Problem);
    }

    [Fact]
    public async Task Sealed_file_without_any_generation_is_missing()
    {
        Assert.Equal(SealedReadOutcome.Missing, (await AtomicFile.ReadSealedAsync(Target, None)).Outcome);
    }

    [Fact]
    public async Task Every_truncation_of_a_sealed_file_is_noticed()
    {
        await SealAsync("some content");
        var whole = await File.ReadAllBytesAsync(Target);
        for (var length = 0; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(Target, whole[..length]);
            var read = await AtomicFile.ReadSealedAsync(Target, None);
            Assert.Equal(SealedReadOutcome.Damaged, read.Outcome);
            Assert.NotNull(read.Problem);
        }
    }

    [Fact]
    public async Task Every_flipped_bit_of_a_sealed_file_is_noticed()
    {
        await SealAsync("some content");
        var whole = await File.ReadAllBytesAsync(Target);
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var altered = whole.ToArray();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            await File.WriteAllBytesAsync(Target, altered);
            var read = await AtomicFile.ReadSealedAsync(Target, None);
            Assert.False(read.HasContent, $"bit {bit} of {Encoding.ASCII.GetString(altered)}");
        }
    }

    [Fact]
    public async Task Damaged_newest_generation_falls_back_to_the_previous_one()
    {
        await SealAsync("first");
        await SealAsync("second");
        await File.WriteAllTextAsync(Target, "noise");

        var read = await AtomicFile.ReadSealedAsync(Target, None);

        Assert.Equal(SealedReadOutcome.Previous, read.Outcome);
        Assert.Equal("first", Encoding.UTF8.GetString(read.Content.Span));
        Assert.NotNull(read.Problem);
    }

    [Fact]
    public async Task Lost_newest_generation_falls_back_to_the_previous_one()
    {
        await SealAsync("first");
        await SealAsync("second");
        File.Delete(Target);

        Assert.Equal(SealedReadOutcome.Previous, (await AtomicFile.ReadSealedAsync(Target, None)).Outcome);
    }

    [Fact]
    public async Task Damaged_newest_generation_does_not_push_out_the_previous_one()
    {
        await SealAsync("first");
        await SealAsync("second");
        await File.WriteAllTextAsync(Target, "noise");
        await SealAsync("third");
        await File.WriteAllTextAsync(Target, "noise again");

        Assert.Equal("first", Encoding.UTF8.GetString((await AtomicFile.ReadSealedAsync(Target, None)).Content.Span));
    }

    [Fact]
    public async Task Newer_format_is_neither_read_nor_replaced_by_the_previous_one()
    {
        await SealAsync("first");
        await SealAsync("second");
        await File.WriteAllTextAsync(Target, "cluster-sealed 2 whatever\n");

        var read = await AtomicFile.ReadSealedAsync(Target, None);

        Assert.Equal(SealedReadOutcome.NewerFormat, read.Outcome);
        Assert.False(read.HasContent);
    }

    private Task SealAsync(string text) => AtomicFile.WriteSealedAsync(Target, Encoding.UTF8.GetBytes(text), FileModes.Private, None);
}
