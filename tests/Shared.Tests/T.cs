namespace ClusterManager.Shared.Tests;
public class T { [Fact] public void A() => Assert.True(true); }
