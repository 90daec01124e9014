// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Images;

namespace ClusterManager.Agent.Tests.Images;

/// <summary>The file that says when images go.</summary>
public sealed class ImageSettingsTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"cm-images-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Without_a_file_the_defaults_hold_and_what_a_file_leaves_out_too()
    {
        Assert.Equal((new ImageSettings(), null), new ImageSettingsFile(_path).Read());
        File.WriteAllText(_path, """{ "keepRevisions": 5, } // one more than usual""");
        Assert.Equal((new ImageSettings { KeptRevisions = 5 }, null), new ImageSettingsFile(_path).Read());
    }

    [Fact]
    public void Every_word_means_something()
    {
        File.WriteAllText(_path, """
            { "remove": "all", "highPercent": 60, "lowPercent": 50, "fullPercent": 90, "fullFreeMebibytes": 512, "keepRevisions": 1,
              "unusedHours": 0, "restSeconds": 3, "lookSeconds": 5 }
            """);
        var expected = new ImageSettings
        {
            Removal = ImageRemoval.All, HighPercent = 60, LowPercent = 50, FullPercent = 90, FullFreeBytes = 512L << 20,
            KeptRevisions = 1, UnusedFor = null, Rest = TimeSpan.FromSeconds(3), Interval = TimeSpan.FromSeconds(5),
        };
        Assert.Equal((expected, null), new ImageSettingsFile(_path).Read());
    }

    [Fact]
    public void All_that_is_wrong_is_said_once_and_the_former_settings_stay()
    {
        var file = new ImageSettingsFile(_path);
        File.WriteAllText(_path, """{ "keepRevisions": 5 }""");
        file.Read();
        File.WriteAllText(_path, """{ "remove": "some", "highPercent": 101, "keepRevisions": 11, "lookSeconds": 0 }""");
        var (settings, problem) = file.Read();
        Assert.Equal(5, settings.KeptRevisions);
        foreach (var word in new[] { "remove", "some", "highPercent", "101", "keepRevisions", "1 to 10", "lookSeconds" })
            Assert.Contains(word, problem, StringComparison.Ordinal);
        Assert.Null(file.Read().Problem);
    }

    [Theory]
    [InlineData("""{ "high": 1 }""")]
    [InlineData("{")]
    [InlineData("""{ "highPercent": 50, "lowPercent": 50 }""")]
    public void A_word_that_is_not_known_no_json_and_marks_in_the_wrong_order_are_refused(string text)
    {
        File.WriteAllText(_path, text);
        var (settings, problem) = new ImageSettingsFile(_path).Read();
        Assert.NotNull(problem);
        Assert.Equal(new ImageSettings(), settings);
    }
}
