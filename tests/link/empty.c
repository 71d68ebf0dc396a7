/* SPDX-License-Identifier: MIT */
/*
 * empty.c - a program that calls nothing. Linked with the whole of one layer and those to its
 * right, it proves that the layer needs nothing of those to its left: a call against the arrows
 * leaves a symbol undefined, where plain archives would quietly resolve it.
 */
int main(void)
{
    return 0;
}
